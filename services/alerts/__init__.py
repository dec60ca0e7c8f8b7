"""Alerts raises one alert per failed sample, or joins it to the standing one, and cancels what rests on none."""
