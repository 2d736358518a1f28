// What the components that draw tools of their own share: elements, buttons, groups of them.
function clamp(value, least, most) { return Math.max(least, Math.min(most, value)); }

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function button(text, onclick) { return make("button", { type: "button", textContent: text, onclick }); }

function group(name, children) {
  const element = make("div", { className: "bar" }, ...children);
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", name);
  return element;
}
