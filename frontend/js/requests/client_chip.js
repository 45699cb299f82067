/** Chip of the filter by client: `showClient(container)` shows the name and a cross that removes the filter. */
import { icon, listen, replace } from "../core/dom.js";
import { clientName, listRequests } from "../requests.js";
import { pageLink, params } from "../core/url.js";

export function showClient(container) {
  let shown = null;

  async function update() {
    const clientid = params().get("clientid");
    container.hidden = !clientid;
    if (!clientid || clientid === shown) return;
    shown = clientid;
    draw(`№ ${clientid}`);
    const { items } = await listRequests({ clientid }, { limit: 1 }).catch(() => ({ items: [] }));
    if (shown === clientid && items.length) draw(clientName(items[0]));
  }

  const draw = (name) =>
    replace(
      container,
      pageLink(
        { clientid: null },
        { class: "chip", "aria-label": `Клиент ${name}: показать всех`, "data-key": "client" },
        `Клиент: ${name}`,
        icon("close"),
      ),
    );
  listen("url-changed", update);
  update();
}
