// Seconds that are left. When they are over Python is told, once and not by everybody at the same moment.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".countdown");
  if (root.base === data.base) return;
  root.base = data.base;
  clearInterval(root.timer);
  const end = performance.now() + 1000 * data.seconds;
  const draw = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const text = left ? `${left} s left` : "Time is up";
    if (root.textContent !== text) root.textContent = text;
    if (left) return;
    clearInterval(root.timer);
    setTimeout(() => setTriggerValue("over", data.base), 1000 * Math.random());
  };
  root.timer = setInterval(draw, 200);
  draw();
}
