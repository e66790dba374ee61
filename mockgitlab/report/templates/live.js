"use strict";
(() => {
  const status = document.getElementById("live");
  const toggle = document.getElementById("toggle");
  let running = true;

  function replace(fresh) {
    const focused = document.activeElement && document.activeElement.id;
    const open = [...document.querySelectorAll("details[open][id]")].map((one) => one.id);
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (other && other.innerHTML !== part.innerHTML) part.innerHTML = other.innerHTML;
    }
    for (const id of open) {
      const one = document.getElementById(id);
      if (one) one.open = true;
    }
    const again = focused && document.getElementById(focused);
    if (again && again !== document.activeElement) again.focus({ preventScroll: true });
  }

  let seen = "";
  async function look() {
    try {
      const answer = await fetch(location.href, { cache: "no-cache" });
      const tag = answer.headers.get("ETag");
      if (answer.ok && tag !== seen) {
        replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
        seen = tag;
      }
      tell("live", "good");
    } catch {
      tell("the server does not answer", "bad");
    }
  }

  function tell(text, kind) {
    if (status.textContent !== text) status.textContent = text;
    status.className = "chip " + kind;
  }

  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    running = !running;
    toggle.textContent = running ? "Pause" : "Go on";
    toggle.setAttribute("aria-pressed", String(!running));
    if (running) look(); else tell("paused", "warn");
  });
  document.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const body = form.method === "post" ? new URLSearchParams(new FormData(form)) : undefined;
    await fetch(form.action, { method: form.dataset.method || "POST", body });
    look();
  });
  tell("live", "good");
  setInterval(() => { if (running && !document.hidden) look(); }, 1000);
})();
