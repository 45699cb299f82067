/** The client whose requests are shown, by name, with a cross that shows everyone's again. */
import { icon, listen, replace } from "../core/dom.js";
import { clientName, listRequests } from "../requests.js";
import { pageLink, params } from "../core/url.js";

export function showClient(place) {
  let shown = null;

  async function follow() {
    const clientid = params().get("clientid");
    place.hidden = !clientid;
    if (!clientid || clientid === shown) return;
    shown = clientid;
    draw(`№ ${clientid}`);
    const { items } = await listRequests({ clientid }, { limit: 1 }).catch(() => ({ items: [] }));
    if (shown === clientid && items.length) draw(clientName(items[0]));
  }

  const draw = (name) =>
    replace(
      place,
      pageLink(
        { clientid: null },
        { class: "chip", "aria-label": `Клиент ${name}: показать всех`, "data-key": "client" },
        `Клиент: ${name}`,
        icon("close"),
      ),
    );
  listen("url-changed", follow);
  follow();
}
