prettyPrint();
// Add the values of the form to the current query string, so that mode, limit, ordering and format are preserved.
$("#filtersModal form").on("submit", function (event) {
  event.preventDefault();
  const query = new URLSearchParams(location.search);
  for (const [name, value] of new FormData(this)) {
    value ? query.set(name, value) : query.delete(name);
  }
  query.delete("offset");
  location.search = query;
});
