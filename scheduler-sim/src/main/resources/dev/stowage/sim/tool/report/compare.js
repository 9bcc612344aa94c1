(function () {
  'use strict';
  const compared = JSON.parse(document.getElementById('compared').textContent);
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const { colour, count, bytes, short } = page;
  const dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
  let charts = [];

  function axes(unit, x) {
    const grid = { color: colour('rule') }, ticks = { color: colour('soft'), maxRotation: 0 };
    return {
      x: { ...x, grid: { display: false }, ticks: { ...ticks, autoSkipPadding: 14 },
        title: { display: true, text: x.named, color: colour('soft') } },
      y: { beginAtZero: true, grace: '5%', suggestedMax: 1, grid, border: { display: false },
        ticks: { ...ticks, maxTicksLimit: 6, precision: 0, callback: (v) => (unit === 'bytes' ? bytes(v) : short(v)) } }
    };
  }

  function options(unit, x, legend) {
    return {
      responsive: true, maintainAspectRatio: false, animation: false, normalized: true,
      interaction: { mode: 'index', intersect: false }, scales: axes(unit, x),
      plugins: {
        legend: { display: legend, position: 'bottom', labels: { color: colour('ink'), usePointStyle: true, pointStyle: 'line', boxWidth: 28, padding: 14 } },
        tooltip: {
          backgroundColor: colour('ink'), titleColor: colour('card'), bodyColor: colour('card'),
          callbacks: { label: (item) => ' ' + item.dataset.label + ': ' + (unit === 'bytes' ? bytes(item.parsed.y) : count(item.parsed.y)) }
        }
      }
    };
  }

  function lines(id, unit, values) {
    const canvas = document.getElementById(id);
    if (!canvas) return;
    const datasets = compared.runs.map((run, i) => ({
      label: run.name, data: values(run).map((y, step) => ({ x: step + 1, y })), pointRadius: 0, borderWidth: 2, stepped: 'before',
      borderColor: colour('series' + i % 4), backgroundColor: colour('series' + i % 4), borderDash: dashes[Math.floor(i / 4) % 4]
    }));
    const chosen = options(unit, { type: 'linear', named: 'steps', min: 1, max: compared.steps }, true);
    chosen.plugins.tooltip.callbacks.title = (items) => items.length ? 'Step ' + items[0].parsed.x : '';
    charts.push(new Chart(canvas, { type: 'line', data: { datasets }, options: chosen }));
  }

  function bars(id, label, values) {
    const canvas = document.getElementById(id);
    if (!canvas) return;
    const data = { labels: compared.runs.map((run) => run.name), datasets: [{ label, data: compared.runs.map(values), backgroundColor: colour('series0'), maxBarThickness: 48 }] };
    charts.push(new Chart(canvas, { type: 'bar', data, options: options('bytes', { type: 'category', named: 'runs' }, false) }));
  }

  function all() {
    charts.forEach((c) => c.destroy());
    charts = [];
    bars('moved-by-run', 'moved', (run) => run.moved[run.moved.length - 1] || 0);
    lines('moved', 'bytes', (run) => run.moved);
    lines('under-floor', 'chunks', (run) => run.underFloor);
    lines('unreadable', 'chunks', (run) => run.unreadable);
  }
  dark.addEventListener('change', all);
  window.addEventListener('beforeprint', () => charts.forEach((c) => c.resize()));
  all();
})();
