// `validatorUrl: null` removes the badge of the validator, which would send the URL of this page to another host.
const element = document.getElementById("swagger-ui");
SwaggerUIBundle({
  domNode: element,
  url: element.dataset.schemaUrl,
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  validatorUrl: null,
  // The text "Servers" above the menu is not the label of the menu.
  onComplete: () => element.querySelector("#servers")?.setAttribute("aria-label", "Servers"),
});
