// What the pages do beyond HTML: `/` goes to the search box, and buttons copy code.
for (const element of document.querySelectorAll("[data-needs-script]")) {
  element.hidden = false;
}

// On narrow screens, the timeline begins with the newest years.
for (const chart of document.querySelectorAll(".timeline")) {
  chart.scrollLeft = chart.scrollWidth;
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
  const box = document.getElementById("q");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping || !box) {
    return;
  }
  event.preventDefault();
  box.focus();
  box.select();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }
  const code = button.closest("figure").querySelector("code");
  const label = button.firstChild;
  try {
    await navigator.clipboard.writeText(code.textContent);
    label.data = "Copied";
  } catch {
    // Browsers allow it on pages with HTTPS or from this machine only. The user can then copy the selection.
    getSelection().selectAllChildren(code);
    label.data = "Selected";
  }
  setTimeout(() => (label.data = "Copy"), 2000);
});
