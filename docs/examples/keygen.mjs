// Make the key of a partner: the seed stays in a file of your own, the public half is printed for the operator.
//
//   npm ci
//   node keygen.mjs insurer-I007

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nkeys } from "nats";

const folder = process.env.SHIAN_KEYS_FOLDER ?? "var/keys";
const key = nkeys.createUser();
await mkdir(folder, { recursive: true });
await writeFile(join(folder, `${process.argv[2]}.nk`), key.getSeed(), { flag: "wx", mode: 0o600 }); // never over another
console.log(key.getPublicKey());
