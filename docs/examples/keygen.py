"""Make the key of a partner: the seed stays in a file of your own, the public half is printed for the operator.

pip install nats-py nkeys
python keygen.py insurer-I007
"""

import os
import sys
from pathlib import Path

import nkeys

if len(sys.argv) != 2:
    sys.exit("usage: python keygen.py USER, such as insurer-I007")
path = Path(os.environ.get("SHIAN_KEYS_FOLDER", "var/keys"), f"{sys.argv[1]}.nk")
seed = bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))
path.parent.mkdir(parents=True, exist_ok=True)
try:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(seed)
except FileExistsError:
    sys.exit(f"There is a key in {path} already, and it stays; take it away yourself if it is to be replaced.")
print(bytes(nkeys.from_seed(bytearray(seed)).public_key).decode())
