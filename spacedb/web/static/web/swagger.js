// `validatorUrl: null` removes the badge of the validator, which would send the URL of this page to another host.
const element = document.getElementById("swagger-ui");
SwaggerUIBundle({
  domNode: element,
  url: element.dataset.schemaUrl,
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  validatorUrl: null,
});
