(function () {
  'use strict';
  const run = JSON.parse(document.getElementById('run').textContent);
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const narrow = window.matchMedia('(max-width: 40rem)');
  const { colour, count, bytes, short } = page;
  let charts = [];

  const minute = (ticks) => Math.round(ticks / 6) / 10;
  const any = (values) => values.some((v) => v > 0);
  // ---- events over a time axis in minutes

  // Writes the event's number, and as much of its title as fits.
  function label(g, event, i, left, right, y) {
    let both = (i + 1) + '. ' + event.title;
    g.fillStyle = colour('soft'); g.font = '600 11px system-ui, sans-serif'; g.textAlign = 'center';
    const fits = (text) => g.measureText(text).width + 6 < right - left;
    while (both.length > 12 && !fits(both)) both = both.slice(0, -3).trimEnd() + '\u2026';
    if (right - left > 9) g.fillText(fits(both) ? both : String(i + 1), (left + right) / 2, y);
  }

  const spans = {
    id: 'spans',
    beforeDatasetsDraw(chart) {
      const area = chart.chartArea, x = chart.scales.x, g = chart.ctx;
      g.save();
      run.events.forEach((event, i) => {
        const left = Math.max(area.left, x.getPixelForValue(minute(event.from)));
        const right = Math.min(area.right, x.getPixelForValue(minute(event.to)));
        if (right <= left) return;
        if (i % 2 === 0) { g.fillStyle = colour('band'); g.fillRect(left, area.top, right - left, area.bottom - area.top); }
        label(g, event, i, left, right, area.top - 5);
      });
      g.restore();
    }
  };

  function eventAt(cycle) {
    const i = run.events.findIndex((e) => e.from < cycle.to && cycle.to <= e.to);
    return i < 0 ? '' : (i + 1) + '. ' + run.events[i].title;
  }

  function options(unit, stacked, first, last) {
    const grid = { color: colour('rule') }, ticks = { color: colour('soft'), maxRotation: 0 };
    return {
      responsive: true, maintainAspectRatio: false, animation: false, normalized: true,
      layout: { padding: { top: 16 } },
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: { type: 'linear', stacked, offset: false, grid: { display: false, offset: false }, min: first, max: last,
          ticks: { ...ticks, autoSkipPadding: 14, callback: (v) => count(v) },
          title: { display: true, text: 'minutes', color: colour('soft') } },
        y: { stacked, beginAtZero: true, grace: '5%', suggestedMax: unit === 'bytes' ? 1 : 5, grid, border: { display: false },
          ticks: { ...ticks, maxTicksLimit: 6, precision: 0, callback: (v) => (unit === 'bytes' ? bytes(v) : short(v)) } }
      },
      plugins: {
        legend: { position: 'bottom', labels: { color: colour('ink'), boxWidth: 12, boxHeight: 12, padding: 14 } },
        tooltip: {
          backgroundColor: colour('ink'), titleColor: colour('card'), bodyColor: colour('card'), footerColor: colour('card'),
          callbacks: { label: (item) => ' ' + item.dataset.label + ': ' + (unit === 'bytes' ? bytes(item.parsed.y) : count(item.parsed.y)) }
        }
      }
    };
  }

  // Draws the cycles from one on, up to another; x says where in its span a cycle is drawn.
  function draw(id, type, series, unit, from, to, x, style) {
    const canvas = document.getElementById(id);
    if (!canvas) return;
    const cycles = run.cycles.slice(from, to);
    const datasets = series.map((s) => ({
      label: s.label, backgroundColor: colour(s.colour), borderColor: colour(s.colour),
      data: s.values.slice(from, to).map((y, i) => ({ x: x(cycles[i]), y })), ...style
    })).filter((s) => s.always || s.data.some((point) => point.y > 0));
    const chosen = options(unit, type === 'bar' || style.fill, minute(cycles[0].from), minute(cycles[cycles.length - 1].to));
    chosen.plugins.tooltip.filter = (item) => style.always || item.parsed.y > 0;
    chosen.plugins.tooltip.callbacks.title = (items) => items.length
      ? 'Minute ' + minute(cycles[items[0].dataIndex].to) + ', cycle ' + cycles[items[0].dataIndex].cycle : '';
    chosen.plugins.tooltip.callbacks.footer = (items) => items.length ? eventAt(cycles[items[0].dataIndex]) : '';
    charts.push(new Chart(canvas, { type, data: { datasets }, options: chosen, plugins: [spans] }));
  }

  const middle = (cycle) => minute((cycle.from + cycle.to) / 2), end = (cycle) => minute(cycle.to);
  const bars = { borderWidth: 0, barPercentage: 1, categoryPercentage: .92, grouped: false };
  const areas = { borderWidth: 0, fill: true, pointRadius: 0, stepped: 'before' };
  const lines = { borderWidth: 2, fill: false, pointRadius: 0, stepped: 'before', always: true };

  // ---- deviation from the level: one row a worker, one column a cycle

  // The colour of a deviation in millionths: three steps on either side of the level.
  function step(value) {
    const size = Math.abs(value), far = size < 1e3 ? 0 : size < 1e4 ? 1 : size < 1e5 ? 2 : 3;
    return 3 + (value < 0 ? -far : far);
  }
  const zoneOf = (row) => row.zone.split('/')[0];

  function deviation() {
    const canvas = document.getElementById('deviation');
    if (!canvas) return;
    const rows = run.deviation, columns = run.cycles.length;
    const left = narrow.matches ? 52 : 148, top = 18, bottom = 34;
    const height = Math.max(4, Math.min(14, Math.floor((narrow.matches ? 300 : 620) / Math.max(1, rows.length))));
    const width = canvas.parentElement.clientWidth, all = top + bottom + rows.length * height;
    const scale = window.devicePixelRatio || 1;
    canvas.width = width * scale; canvas.height = all * scale;
    canvas.style.width = width + 'px'; canvas.style.height = all + 'px';
    const g = canvas.getContext('2d');
    g.scale(scale, scale);
    const last = run.cycles[columns - 1].to, x = (ticks) => left + (width - left - 4) * ticks / last;
    const steps = [0, 1, 2, 3, 4, 5, 6].map((i) => colour('step' + i));
    rows.forEach((row, r) => row.values.forEach((value, c) => {
      if (value === null) return;
      g.fillStyle = steps[step(value)];
      const from = x(run.cycles[c].from);
      g.fillRect(from, top + r * height, x(run.cycles[c].to) - from + .4, height - (height > 6 ? 1 : 0));
    }));
    g.font = '11px system-ui, sans-serif'; g.textBaseline = 'middle'; g.textAlign = 'right';
    let inZone = 0;
    rows.forEach((row, r) => {
      const y = top + r * height, isFirst = r === 0 || zoneOf(rows[r - 1]) !== zoneOf(row);
      inZone = isFirst ? 0 : inZone + 1;
      if (isFirst) {
        g.fillStyle = colour('ink');
        if (r > 0) g.fillRect(0, y - 1, width, 1);
        g.textAlign = 'left'; g.fillText(zoneOf(row), 0, y + Math.max(height, 12) / 2); g.textAlign = 'right';
      }
      if (!narrow.matches && inZone % Math.max(1, Math.ceil(12 / height)) === 0) {
        g.fillStyle = colour('soft'); g.fillText(row.name, left - 8, y + height / 2);
      }
    });
    run.events.forEach((event, i) => {
      g.fillStyle = colour('ink');
      if (i > 0) g.fillRect(x(event.from) - .5, top - 12, 1, rows.length * height + 12);
      label(g, event, i, x(event.from), x(event.to), 8);
    });
    g.font = '11px system-ui, sans-serif'; g.fillStyle = colour('soft'); g.textAlign = 'center';
    const wide = last / 60 / (narrow.matches ? 5 : 12);
    const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000].find((n) => n >= wide) || wide;
    for (let m = 0; m <= last / 60; m += every) g.fillText(String(m), x(m * 60), all - bottom + 10);
    g.fillText('minutes', (left + width) / 2, all - 8);
    const pointed = document.getElementById('deviation-pointed');
    canvas.onpointermove = (e) => {
      const box = canvas.getBoundingClientRect(), tick = (e.clientX - box.left - left) / (width - left - 4) * last;
      const row = rows[Math.floor((e.clientY - box.top - top) / height)];
      const c = run.cycles.findIndex((cycle) => cycle.from <= tick && tick < cycle.to);
      pointed.textContent = !row || c < 0 ? ''
        : row.name + ' (' + row.zone + ', ' + bytes(row.capacity) + '), minute ' + minute(run.cycles[c].to) + ': '
          + (row.values[c] === null ? 'away' : (row.values[c] / 1e4).toFixed(2) + ' % of its level above it');
    };
  }

  function all() {
    charts.forEach((c) => c.destroy());
    charts = [];
    const count = run.cycles.length, later = run.shownFrom;
    const danger = [
      { label: 'unreadable', colour: 'bad', values: run.unreadable },
      { label: 'below their floor', colour: 'warn', values: run.underFloor }
    ];
    draw('promise', 'line', danger, 'chunks', 0, count, end, lines);
    draw('fill-bytes', 'bar', run.causes, 'bytes', 0, later, middle, bars);
    draw('later-bytes', 'bar', run.causes, 'bytes', later, count, middle, bars);
    draw('moving', 'line', run.moving, 'replicas', later, count, end, areas);
    deviation();
  }

  let resized = 0;
  window.addEventListener('resize', () => { clearTimeout(resized); resized = setTimeout(deviation, 120); });
  dark.addEventListener('change', all);
  narrow.addEventListener('change', all);
  window.addEventListener('beforeprint', () => charts.forEach((c) => c.resize()));
  all();
})();
