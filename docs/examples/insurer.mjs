// An insurer with nothing but a NATS client: tell of one policy, hear the notices that concern it.
//
//   npm ci
//   SHIAN_NATS_URL=nats://127.0.0.1:4222 SHIAN_KEYS_FOLDER=var/keys node insurer.mjs I007 policy.json
//
// What is said is kept in sent/ before it leaves, what is heard in heard/ before it is acknowledged. To send again what
// may not have arrived, give its id: node insurer.mjs I007 policy.json ID. Ends when nothing more is heard.

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, createInbox, headers, nkeyAuthenticator } from "nats";

const [insurer, policy, id = randomUUID()] = process.argv.slice(2); // nobody can guess the id
const region = process.env.SHIAN_REGION ?? "21.02.83"; // the county of whoever is insured
const seconds = Number(process.env.SHIAN_WAIT ?? "10"); // how long an answer is waited for
const user = `insurer-${insurer}`;
const source = `urn:shian:insurer:${insurer}`;
const inboxPrefix = `_INBOX_${user}`; // the server lets no answer through under another

function end(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (!policy) end("usage: node insurer.mjs INSURER POLICY.json [ID]");

// The same id never says something else: what was written under it before is read again.
async function written() {
  const kept = join("sent", `${id}.json`);
  if (!existsSync(kept)) {
    const advice = "give the path of your policy";
    const text = await readFile(policy, "utf8").catch(() => end(`There is no file ${policy}: ${advice}.`));
    let data;
    try {
      data = JSON.parse(text);
    } catch (error) {
      end(`${policy} is no policy: ${error.message}.`);
    }
    const type = "insurer.policy.bound.v1";
    const time = new Date().toISOString();
    await mkdir("sent", { recursive: true });
    const event = { specversion: "1.0", id, source, type, subject: data.policy_no, time, region, data };
    await writeFile(kept, JSON.stringify(event));
  }
  return readFile(kept);
}

async function connected() {
  const path = join(process.env.SHIAN_KEYS_FOLDER ?? "var/keys", `${user}.nk`);
  const advice = "make a key with keygen.mjs, or set SHIAN_KEYS_FOLDER to its folder";
  const seed = await readFile(path, "utf8").catch(() => end(`There is no file ${path}: ${advice}.`));
  return connect({
    servers: process.env.SHIAN_NATS_URL ?? "nats://127.0.0.1:4222",
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed.trim())),
    inboxPrefix,
    maxReconnectAttempts: -1, // it connects again by itself, for as long as it takes
  });
}

// `jetstream().consumers.get()` asks the server about the durable first, which a partner may not: it is given its durable
// to use, not to look up. A plain request for the next message is all that is needed.
async function next(exchange, stream) {
  const inbox = createInbox(inboxPrefix);
  const answers = exchange.subscribe(inbox, { max: 1, timeout: seconds * 1000 + 5000 });
  const wanted = { batch: 1, expires: seconds * 1e9 }; // in nanoseconds
  exchange.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${user}`, JSON.stringify(wanted), { reply: inbox });
  for await (const message of answers) {
    if (message.headers?.code === 404 || message.headers?.code === 408) return null; // nothing within the time
    if (message.headers?.code) throw new Error(`${stream} is not handed out: ${message.headers.description}`);
    return message;
  }
}

async function hear(exchange, stream) {
  for (let message; (message = await next(exchange, stream)); ) {
    const event = message.json();
    await mkdir("heard", { recursive: true });
    await writeFile(join("heard", `${event.id}.json`), message.data);
    await exchange.request(message.reply, "+ACK"); // only now: what is not acknowledged comes again
    const texts = ["explanation", "policy_no", "sample_no", "product", "entry_no"].filter((name) => event.data[name]);
    console.log([event.type, ...texts.map((name) => `${name} ${event.data[name]}`)].join("\n  "));
  }
}

// Receipts come only for what is refused, notices for each failed sample that a policy covers.
async function main() {
  const document = await written();
  const exchange = await connected();
  const about = headers();
  about.set("Nats-Msg-Id", `${source} ${id}`);
  const subject = `insurer.${insurer}.policy.bound.v1.${region}`;
  const stored = await exchange.jetstream().publish(subject, document, { headers: about });
  console.log(`${stored.duplicate ? "stored before, and not again" : "stored"}: ${id}`);
  await Promise.all(["RECEIPTS", "NOTICES", "FOOD"].map((stream) => hear(exchange, stream)));
  await exchange.close();
}

main().catch((error) => {
  const again = `node insurer.mjs ${insurer} ${policy} ${id}`;
  end(`No answer: ${error}. To send the same again: ${again}`);
});
