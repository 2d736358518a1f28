// A stopwatch in the page: from the key press to the frame that shows the last change of a picture.
// A picture is a plotly chart, an image, or a component of ours; the toolbar is a component but no picture.
(() => {
  const PICTURES = ".js-plotly-plot, [data-testid=stImage] img, .shots img, [data-testid^=stBidiComponent]";
  const QUIET = 250; // milliseconds without a change, after which the picture counts as done
  const isPicture = (node) => {
    const element = node instanceof Element ? node : node.parentElement;
    const found = element?.closest(PICTURES);
    return Boolean(found) && !found.closest(".st-key-toolbar");
  };
  let began = 0;
  let last = 0;
  const note = () => requestAnimationFrame(() => { last = performance.now(); });
  const outside = new MutationObserver((records) => {
    const touched = (record) => isPicture(record.target) || [...record.addedNodes].some((node) =>
      node instanceof Element && (node.matches(PICTURES) || node.querySelector(PICTURES)) && !node.closest(".st-key-toolbar"));
    if (records.some(touched)) note();
  });
  const inside = new MutationObserver(note); // a component draws in a shadow, which an outside observer cannot see
  const what = { subtree: true, childList: true, characterData: true, attributes: true };
  document.addEventListener("keydown", (event) => { began ||= event.timeStamp; }, { capture: true });
  window.stopwatch = {
    arm() {
      began = last = 0;
      outside.disconnect();
      inside.disconnect();
      outside.observe(document.querySelector("[data-testid=stMain]"), what);
      for (const host of document.querySelectorAll("[data-testid^=stBidiComponent]"))
        if (host.shadowRoot && !host.closest(".st-key-toolbar")) inside.observe(host.shadowRoot, what);
    },
    quiet: () => last > 0 && performance.now() - last > QUIET
      && document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning",
    milliseconds: () => last - began,
  };
})();
