"""Alerts raises one alert per failed sample, or joins it to the one that stands for the same producer and substance."""
