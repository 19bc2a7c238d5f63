// The logic of opening hours, without a browser.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const source = readFileSync(new URL("../../themes/harbor/assets/_open.js", import.meta.url));
// The theme has no package.json that would tell Node that it is a module.
const { parse, state, inWords, ofDay, time } = await import(`data:text/javascript;base64,${source.toString("base64")}`);

const WORDS = {
  always: "全天",
  until: "到 {time}",
  untilDay: "到{day} {time}",
  today: "今天 {time} 开",
  later: "已关，{day} {time} 开",
  tomorrow: "明天",
  week: "下{day}",
  days: "周一 周二 周三 周四 周五 周六 周日",
};

/** What `code` says at a moment written `4 09:05`. */
function said(code, moment) {
  const [weekday, clock] = moment.split(" ");
  const [hour, minute] = clock.split(":").map(Number);
  const found = state(parse(code), { weekday: Number(weekday), minutes: hour * 60 + minute });
  return found && inWords(found, WORDS);
}

test("a place is open from the first minute to the one before the last", () => {
  const code = "1-5 0830-1130 1400-1700";
  assert.equal(said(code, "4 08:29"), "今天 08:30 开");
  assert.equal(said(code, "4 08:30"), "到 11:30");
  assert.equal(said(code, "4 11:29"), "到 11:30");
  assert.equal(said(code, "4 11:30"), "今天 14:00 开");
  assert.equal(said(code, "4 17:00"), "已关，明天 08:30 开");
});

test("closed days are passed over, also from Sunday to Monday", () => {
  const code = "1-5 0830-1700";
  assert.equal(said(code, "5 17:00"), "已关，周一 08:30 开");
  assert.equal(said(code, "7 12:00"), "已关，明天 08:30 开");
  assert.equal(said("3 0900-1000", "3 10:00"), "已关，下周三 09:00 开");
});

test("midnight at the end of a day is 24:00 of that day", () => {
  assert.equal(said("6 1800-2400", "6 23:59"), "到 24:00");
  assert.equal(said("7 1800-2400", "7 23:59"), "到 24:00");
});

test("what goes on after midnight is one stretch, also from Sunday to Monday", () => {
  assert.equal(said("6 1800-2400;7 0000-0200", "6 23:00"), "到明天 02:00");
  assert.equal(said("6 1800-2400;7 0000-0200", "7 01:00"), "到 02:00");
  assert.equal(said("7 1800-2400;1 0000-0200", "7 23:00"), "到明天 02:00");
  assert.equal(said("7 1800-2400;1 0000-0200", "1 01:59"), "到 02:00");
});

test("always open is said as such", () => {
  assert.equal(said("1-7 0000-2400", "1 00:00"), "全天");
  assert.equal(said("1-7 0000-2400", "7 23:59"), "全天");
  assert.equal(said("1-6 0000-2400", "4 12:00"), "到周六 24:00");
});

test("stretches in any order, doubled or overlapping, are one", () => {
  assert.deepEqual(parse("1 1000-1200 0800-1100;1 0800-0900"), [[480, 720]]);
  assert.equal(said("1,3 0900-1000;2 0900-1000", "2 09:30"), "到 10:00");
});

test("what is not a schedule says nothing", () => {
  for (const code of ["", undefined, "8 0900-1000", "1 0960-1000", "1 1000-0900", "1 2300-2500", "x", "1", "1 09:00-10:00"]) {
    assert.equal(said(code, "1 09:30"), null, String(code));
  }
});

test("the stretches of one day end at midnight", () => {
  assert.deepEqual(ofDay("6 1800-2400;7 0000-0200", 7), [[0, 120]]);
  assert.deepEqual(ofDay("6 1800-2400;7 0000-0200", 6), [[1080, 1440]]);
  assert.deepEqual(ofDay("1 0900-1000", 2), []);
  assert.equal(time(1440), "24:00");
});

test("whatever the minute, the next opening is never in the past", () => {
  const stretches = parse("1-5 0830-1130 1400-1700;7 2200-2400");
  for (let weekday = 1; weekday <= 7; weekday += 1) {
    for (let minutes = 0; minutes < 1440; minutes += 1) {
      const found = state(stretches, { weekday, minutes });
      const then = found.open ? found.until : found.next;
      assert.ok(then.days * 1440 + then.minutes > minutes, `${weekday} ${minutes}`);
      assert.ok(then.days <= 7);
    }
  }
});
