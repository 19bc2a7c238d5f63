// Photos of a report in a dialog of their own; where there is no <dialog>, a photo's link leads to the
// large picture.
const photos = Array.prototype.slice.call(document.querySelectorAll("[data-photo]"));
const words = document.querySelector("[data-viewer]");
if (photos.length > 0 && words && window.HTMLDialogElement) {
  let here = 0;
  let viewer = null;
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    element.className = className;
    if (text) element.textContent = text;
    return element;
  };
  const picture = make("img", "");
  // The sizes of the photo from which the browser takes what fills the screen.
  const sizes = make("source", "");
  sizes.type = "image/webp";
  sizes.sizes = "100vw";
  const caption = make("p", "viewer-text");
  const count = make("p", "viewer-text meta");
  const button = (word, act) => {
    const element = make("button", "button", words.dataset[word]);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  };
  const show = (index) => {
    here = (index + photos.length) % photos.length;
    const photo = photos[here];
    const shown = photo.querySelector("img");
    const written = photo.parentNode.querySelector("figcaption");
    const known = photo.querySelector("source");
    if (known) sizes.srcset = known.srcset;
    else sizes.removeAttribute("srcset");
    picture.src = photo.href;
    picture.alt = shown.alt;
    caption.textContent = written ? written.textContent : "";
    count.textContent = words.dataset.count.replace("{number}", here + 1).replace("{total}", photos.length);
  };
  const build = () => {
    viewer = make("dialog", "viewer");
    viewer.setAttribute("aria-label", words.dataset.title);
    const stage = make("div", "viewer-stage");
    const text = make("div", "");
    const bar = make("div", "viewer-bar");
    const close = button("close", () => viewer.close());
    text.setAttribute("role", "status");
    text.appendChild(caption);
    text.appendChild(count);
    const whole = make("picture", "");
    whole.appendChild(sizes);
    whole.appendChild(picture);
    stage.appendChild(whole);
    if (photos.length > 1) bar.appendChild(button("previous", () => show(here - 1)));
    bar.appendChild(close);
    if (photos.length > 1) bar.appendChild(button("next", () => show(here + 1)));
    [stage, text, bar].forEach((part) => viewer.appendChild(part));
    viewer.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") show(here - 1);
      else if (event.key === "ArrowRight") show(here + 1);
    });
    // Closing leads back to the photo that was shown last.
    viewer.addEventListener("close", () => {
      sizes.removeAttribute("srcset");
      picture.removeAttribute("src");
      photos[here].focus();
    });
    document.body.appendChild(viewer);
    close.autofocus = true;
  };
  photos.forEach((photo, index) => {
    photo.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      if (!viewer) build();
      show(index);
      viewer.showModal();
    });
  });
}
