/**
 * Long work in short turns: between them the browser answers whoever presses,
 * types or scrolls.
 *
 *   await breathe();
 *   const panels = await inTurns(GROUPS, (group) => panelOf(group));
 */
export const breathe = () => window.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));

export async function inTurns(items, build) {
  const built = [];
  for (const item of items) {
    built.push(build(item));
    await breathe();
  }
  return built;
}
