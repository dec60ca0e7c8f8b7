// Make the key of a partner: the seed stays in a file of your own, the public half is printed for the operator.
//
//   npm ci
//   node keygen.mjs insurer-I007

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nkeys } from "nats";

if (!process.argv[2]) {
  console.error("usage: node keygen.mjs USER, such as insurer-I007");
  process.exit(1);
}
const folder = process.env.SHIAN_KEYS_FOLDER ?? "var/keys";
const key = nkeys.createUser();
await mkdir(folder, { recursive: true });
const path = join(folder, `${process.argv[2]}.nk`);
try {
  await writeFile(path, key.getSeed(), { flag: "wx", mode: 0o600 });
} catch (error) {
  if (error.code !== "EEXIST") throw error;
  console.error(`There is a key in ${path} already, and it stays; take it away yourself if it is to be replaced.`);
  process.exit(1);
}
console.log(key.getPublicKey());
