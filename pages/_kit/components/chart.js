// One chart: it waits for the code that draws, which the page brings once (plot.js), and hands it the data.
globalThis.foveaCharts ??= {};
globalThis.foveaCharts.drawn ??= new Promise((bring) => { globalThis.foveaCharts.bring = bring; });

export default async function (chart) { (await globalThis.foveaCharts.drawn)(chart); }
