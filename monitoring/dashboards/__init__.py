"""The dashboards of Grafana: written here, built with Grafana's own library into ``monitoring/grafana/dashboards``."""
