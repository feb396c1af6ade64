// Opens a packet, grabs until it is sold out, and verifies what was handed out. Usage: node example.js BROKER [PACKET]

import assert from "node:assert/strict";
import {RedPackets} from "./client.js";
import {movesMoney} from "./events.js";
import {commitmentOf, cut} from "./split.js";

const [broker, packetId = `node-${Date.now()}`] = process.argv.slice(2);
if (broker === undefined) {
  console.error("Usage: node example.js BROKER [PACKET]");
  process.exit(2);
}

const shares = 8;
const totalCents = 8888;
const redPackets = await RedPackets.connect({brokers: [broker]});
const closed = redPackets.closingOf(packetId);

const opened = await redPackets.open({packetId, senderId: "node", totalCents, shares, campaign: "examples"});
console.log("opened   ", opened);
assert.equal(opened.type, "opened");

const rejected = await redPackets.open({packetId, senderId: "node", totalCents: totalCents + 1, shares});
console.log("rejected ", rejected);
assert.equal(rejected.reason, "OTHER_TERMS");

const first = await redPackets.grab({grabId: "grab-0", packetId, userId: "user-0"});
console.log("won      ", first);
assert.ok(movesMoney(first));

const again = await redPackets.grab({grabId: "grab-0", packetId, userId: "user-0"});
console.log("repeated ", again);
assert.ok(again.repeat && !movesMoney(again));

const users = Array.from({length: 19}, (_, i) => i + 1);
const others = await Promise.all(
  users.map((i) => redPackets.grab({grabId: `grab-${i}`, packetId, userId: `user-${i}`})),
);
const winners = [first, ...others.filter(movesMoney)].sort((a, b) => a.share.index - b.share.index);
assert.equal(winners.length, shares);
assert.ok(others.every(({outcome}) => outcome === "AWARDED" || outcome === "SOLD_OUT"));
console.log("others   ", `${winners.length - 1} won, ${others.length - winners.length + 1} came too late`);

const {seed, type} = await closed;
assert.equal(type, "sold-out");
assert.equal(commitmentOf(seed), opened.commitment);
assert.deepEqual(
  winners.map(({share}) => share.cents),
  cut(opened, seed).map(({cents}) => cents),
);
console.log("verified ", `the shares were fixed before the first grab: ${opened.commitment}`);
await redPackets.close();
