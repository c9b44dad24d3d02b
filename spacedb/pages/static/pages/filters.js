// Leave empty fields out of the URL. Without this script they are sent, and have no effect.
for (const form of document.querySelectorAll(".filters")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) {
      if (value === "") formData.delete(name);
    }
  });
}
