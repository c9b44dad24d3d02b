// Hide images that are missing: they are on other hosts, which cannot be reached offline. This script must run before the
// first image is requested, as errors do not wait for listeners.
document.addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLImageElement) {
      (target.closest("figure") ?? target).hidden = true;
    }
  },
  true,
);
