// The police of a county with nothing but a NATS client: read what waits, sign the receipt of each transfer.
//
//   npm ci
//   SHIAN_NATS_URL=nats://127.0.0.1:4222 SHIAN_KEYS_FOLDER=var/keys node authority.mjs 210283
//
// Prints one line for each event and each receipt, and ends when nothing waits any more. What is heard is kept in heard/
// before it is acknowledged. With the number of a case behind it, the receipt of that one is signed, whatever it is.

import { randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, createInbox, headers, nkeyAuthenticator } from "nats";

function end(sentence) {
  console.error(sentence);
  process.exit(1);
}

const figures = process.argv[2] ?? end("usage: node authority.mjs FIGURES [CASE]");
const user = `police-${figures}`;
const source = `urn:shian:police:${figures}`;
const inboxPrefix = `_INBOX_${user}`; // the server lets no answer through under another
const path = join(process.env.SHIAN_KEYS_FOLDER ?? "var/keys", `${user}.nk`);
const advice = "make a key with keygen.mjs, or set SHIAN_KEYS_FOLDER to its folder";
const seed = await readFile(path, "utf8").catch(() => end(`There is no file ${path}: ${advice}.`));
process.on("uncaughtException", (error) => {
  end(`No answer: ${error.message}. Run it again: what was not acknowledged comes again.`);
});
const exchange = await connect({
  servers: process.env.SHIAN_NATS_URL ?? "nats://127.0.0.1:4222",
  authenticator: nkeyAuthenticator(new TextEncoder().encode(seed.trim())),
  inboxPrefix,
  maxReconnectAttempts: -1, // it connects again by itself, for as long as it takes
});

// `jetstream().consumers.get()` and `.fetch()` ask the server about the consumer first (CONSUMER.INFO), which a partner may
// not: it is given its durable to use, not to look up. A plain request for the next messages is all that is needed. The
// server always answers it, if only with a status, so that silence means that it is away.
async function* waiting(stream) {
  for (;;) {
    const inbox = createInbox(inboxPrefix);
    const answers = exchange.subscribe(inbox, { timeout: 10_000 });
    const wanted = { batch: 50, expires: 500_000_000 }; // half a second, in nanoseconds
    exchange.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${user}`, JSON.stringify(wanted), { reply: inbox });
    let taken = 0;
    for await (const message of answers) {
      const status = message.headers?.code;
      if (status === 404 || status === 408) break; // nothing more within the time
      if (status) throw new Error(`the exchange does not hand out ${stream}: ${status} ${message.headers.description}`);
      const event = message.json();
      await mkdir("heard", { recursive: true });
      await writeFile(join("heard", `${event.id}.json`), message.data); // byte for byte
      yield event;
      await exchange.request(message.reply, "+ACK"); // and hear that the server knows it
      taken += 1;
      if (taken === wanted.batch) break;
    }
    answers.unsubscribe();
    if (taken < wanted.batch) return;
  }
}

async function answer(type, region, data) {
  const id = randomUUID(); // unguessable; send the same one when you send the same answer again
  const [first, ...rest] = type.split(".");
  const document = {
    specversion: "1.0",
    id,
    source,
    type,
    subject: data.case_no,
    time: new Date().toISOString(),
    datacontenttype: "application/json",
    region,
    data,
  };
  const about = headers();
  about.set("Nats-Msg-Id", `${source} ${id}`);
  about.set("Content-Type", "application/cloudevents+json");
  const subject = [first, figures, ...rest, region].join(".");
  const stored = await exchange.request(subject, JSON.stringify(document), { headers: about });
  if (stored.json().error) throw new Error(stored.json().error.description);
  return id;
}

async function receiptOf(id) {
  for (let turn = 0; turn < 40; turn += 1) {
    for await (const { type, data } of waiting("RECEIPTS")) {
      console.log(`receipt ${type} ${data.text ?? `${data.reason}: ${data.explanation}`}`);
      if (data.event_id === id) return;
    }
  }
  throw new Error("the exchange did not answer within 20 seconds");
}

async function lastHeardOf(number) {
  const files = await readdir("heard");
  const events = await Promise.all(files.map(async (file) => JSON.parse(await readFile(join("heard", file), "utf8"))));
  const versions = events.filter(({ data }) => data.case_no === number && data.version);
  if (!versions.length) throw new Error(`nothing was heard of case ${number} yet`);
  return versions.sort((one, other) => one.data.version - other.data.version).slice(-1);
}

let transfers = [];
for await (const event of waiting("CASES")) {
  console.log(`event ${event.type} ${event.data.case_no} version ${event.data.version}`);
  const isOurs = event.type === "case.transferred.v1" && event.data.to.replaceAll(".", "") === figures;
  if (isOurs) transfers.push(event);
}
if (process.argv[3]) transfers = await lastHeardOf(process.argv[3]);
for (const { region, data } of transfers) {
  const step = { case_no: data.case_no, version: data.version, at: new Date().toISOString() };
  await receiptOf(await answer("police.case.received.v1", region, step));
}
await exchange.drain();
