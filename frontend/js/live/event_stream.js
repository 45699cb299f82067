/**
 * Parser of server-sent events from a ReadableStream.
 *
 *   for await (const { id, event, data, retry } of eventsOf(body, { onData })) …
 *
 * `id` and `retry` (ms) are undefined if the frame has none, `data` is the parsed
 * JSON or null. `onData()` is called for every chunk, heartbeats too. Ends with
 * the stream; throws if the stream breaks off.
 */
export async function* eventsOf(body, { onData }) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    onData();
    const frames = (text + value).split("\n\n");
    text = frames.pop();
    for (const frame of frames) if (isEvent(frame)) yield parse(frame);
  }
}

const isEvent = (frame) => frame.split("\n").some((line) => !line.startsWith(":"));

function parse(frame) {
  const fields = Object.fromEntries(frame.split("\n").map(field));
  return {
    id: fields.id,
    event: fields.event,
    retry: fields.retry && Number(fields.retry),
    data: fields.data ? JSON.parse(fields.data) : null,
  };
}

function field(line) {
  const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
  return [name, value];
}
