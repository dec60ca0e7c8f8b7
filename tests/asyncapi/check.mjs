// Says what the schema of AsyncAPI 3.0 finds wrong with a document; ends with 1 where it finds anything.
//
//   npm ci && node check.mjs ../../docs/asyncapi.json

import { readFileSync } from "node:fs";
import specs from "@asyncapi/specs";
import Ajv from "ajv";

const schema = structuredClone(specs.schemas["3.0.0"]);
delete schema.definitions["http://json-schema.org/draft-07/schema"]; // the validator brings it along
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
const isValid = ajv.compile(schema);
const found = isValid(JSON.parse(readFileSync(process.argv[2], "utf8"))) ? [] : isValid.errors;
for (const { instancePath, message } of found) console.log(`${instancePath || "/"} ${message}`);
process.exitCode = found.length ? 1 : 0;
