// Runs the cases that clients in all languages agree on: events/cases/README.md.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";
import kafkajs from "kafkajs";
import {parse} from "lossless-json";
import * as events from "./events.js";
import {commitmentOf, cut, hashOfUsers} from "./split.js";

const READERS = {
  "open-packet.json": events.readCommand,
  "cancel-packet.json": events.readCommand,
  "grab.json": events.readGrab,
  "award-result.json": events.readAward,
  "packet-event.json": events.readPacketEvent,
  "window-stats.json": events.readStats,
};

function casesIn(file) {
  const text = readFileSync(new URL(`../../events/cases/${file}`, import.meta.url), "utf8");
  const number = (digits) => (Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits));
  return parse(text, undefined, number);
}

for (const [file, read] of Object.entries(READERS)) {
  const {message, good, bad} = casesIn(file);

  test(`${message}: reads good bytes`, () => {
    for (const {case: name, bytes, event, rejected, movesMoney} of good) {
      assert.deepEqual(read(Buffer.from(bytes)), event, name);
      if (message === "openPacket") assert.equal(events.reasonToReject(event), rejected ?? null, name);
      if (message === "awardResult") assert.equal(events.movesMoney(event), movesMoney, name);
    }
  });

  test(`${message}: refuses bad bytes`, () => {
    for (const {case: name, bytes, hex} of bad) {
      const value = hex === undefined ? Buffer.from(bytes) : Buffer.from(hex, "hex");
      assert.throws(() => read(value), events.InvalidEvent, name);
    }
  });
}

test("cuts all splits", () => {
  const {splits, splitsWithTerms} = casesIn("splits.json");
  for (const {seed, commitment, cents, names, onlyUsers, onlyUsersHash, ...terms} of [...splits, ...splitsWithTerms]) {
    const shares = cut(terms, seed);
    assert.deepEqual(shares.map((share) => share.cents), cents);
    if (names) assert.deepEqual(shares.map(({prize = null}) => prize), names);
    if (onlyUsers) assert.equal(hashOfUsers(onlyUsers, seed), onlyUsersHash);
    assert.equal(commitmentOf(seed), commitment);
  }
});

test("kafkajs 2 chooses the right partition by default", () => {
  const {wrong, checked} = judge(kafkajs.Partitioners.DefaultPartitioner);
  assert.equal(wrong, 0, `${wrong} of ${checked}`);
});

test("the partitioner of kafkajs 1 chooses wrong ones: the cases notice it", () => {
  assert.notEqual(judge(kafkajs.Partitioners.LegacyPartitioner).wrong, 0);
});

function judge(createPartitioner) {
  const partitioner = createPartitioner();
  let checked = 0;
  let wrong = 0;
  for (const {key, partitions} of casesIn("partitions.json").keys) {
    partitions.forEach((right, i) => {
      const partitionMetadata = Array.from({length: i + 1}, (_, partitionId) => ({partitionId, leader: 0}));
      const partition = partitioner({topic: "t", partitionMetadata, message: {key}});
      checked++;
      if (partition !== right) wrong++;
    });
  }
  return {wrong, checked};
}
