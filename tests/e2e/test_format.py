"""Our fast formatters return exactly the texts of the browser's Russian formatters."""

COMPARE = """async () => {
  const { number, moment, clockTime, fullMoment, dayIn, bucketName } = await import("/js/core/format.js");
  const as = (options) => (value) => new Intl.DateTimeFormat("ru-RU", options).format(value);
  const day = as({ day: "numeric", month: "short" });
  const longDay = as({ day: "numeric", month: "short", year: "numeric" });
  const time = as({ hour: "2-digit", minute: "2-digit" });
  const weekday = as({ weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  const decimal = new Intl.NumberFormat("ru-RU", { maximumFractionDigits: 1 });
  const values = [0, 7, 999, 1000, 10000, 1234567, -45678, 12.34, 1234.5];
  const pairs = values.map((value) => [number(value), decimal.format(value)]);
  for (let month = 0; month < 12; month += 1) {
    const date = new Date(2020, month, 3 + 2 * month, 4 + month, 5, 6);
    const iso = date.toISOString();
    const utcDay = `2020-${String(month + 1).padStart(2, "0")}-09`;
    pairs.push(
      [moment(iso), `${longDay(date)}, ${time(date)}`],
      [clockTime(date), as({ timeStyle: "medium" })(date)],
      [fullMoment(iso), as({ dateStyle: "long", timeStyle: "short" })(date)],
      [bucketName({ from: utcDay }, "day"), weekday(new Date(utcDay))],
      [dayIn(undefined, date), new Intl.DateTimeFormat("en-CA").format(date)],
    );
  }
  const now = new Date();
  for (const away of [-40, -3, 3, 40]) {
    const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() + away, 13, 0);
    const expected = date.getFullYear() === now.getFullYear() ? day(date) : longDay(date);
    pairs.push([moment(date.toISOString()), `${expected}, ${time(date)}`]);
  }
  return pairs;
}"""


def test_times_and_numbers_are_what_the_browser_writes(page):
    page.goto("/favicon.svg")
    pairs = page.evaluate(COMPARE)
    assert len(pairs) == 9 + 12 * 5 + 4
    assert [(ours, theirs) for ours, theirs in pairs if ours != theirs] == []
