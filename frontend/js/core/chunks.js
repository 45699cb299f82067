/**
 * Long work in short tasks, so that the browser handles input in between.
 *
 *   await yieldToBrowser();
 *   const panels = await inChunks(GROUPS, (group) => panelOf(group));   // one task per item
 */
export const yieldToBrowser = () => window.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));

export async function inChunks(items, build) {
  const built = [];
  for (const item of items) {
    built.push(build(item));
    await yieldToBrowser();
  }
  return built;
}
