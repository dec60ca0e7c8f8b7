"""The tools of the agency's people: samplers and officers ask the exchange for something, and read its answer.

Each module of commands is about one subject (a sample, a plan, a re-inspection, …) and exports ``commands``. A command
reads what a person wrote, lists every fault before anything is sent, publishes one event of the catalogue under the
person's own key, and prints the receipt.
"""
