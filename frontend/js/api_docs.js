// The API's own page: Swagger UI, served from its Python package, over our OpenAPI document.
window.SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api-docs",
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
