"""The programs that Prometheus scrapes: each is a job named after it."""

from services.system import PROGRAMS
from shared.contracts.catalogue import SERVICES

JOBS = f'job=~"{"|".join(PROGRAMS)}"'
"""The services and the watch."""
OF_SERVICES = f'consumer=~"{"|".join(SERVICES)}"'
"""The durables of the services: a partner's may wait as long as the partner likes."""
OF_PARTNERS = f'consumer!~"{"|".join(SERVICES)}"'
NUMBER = len(PROGRAMS)
