(function () {
  'use strict';
  const run = JSON.parse(document.getElementById('run').textContent);
  const cycles = run.cycles.map((c) => c.cycle);
  const wanted = window.matchMedia('(prefers-color-scheme: dark)');
  const narrow = window.matchMedia('(max-width: 40rem)');
  let charts = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const count = (n) => n.toLocaleString('en-US');
  function bytes(n) {
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
    let unit = 0;
    while (Math.abs(n) >= 1000 && unit < units.length - 1) { n /= 1000; unit++; }
    return (unit === 0 || n >= 100 ? Math.round(n) : n.toFixed(n >= 10 ? 1 : 2)) + ' ' + units[unit];
  }
  function short(n) {
    if (n >= 1e6) return (n / 1e6).toLocaleString('en-US') + ' M';
    return n >= 1e3 ? (n / 1e3).toLocaleString('en-US') + ' k' : count(n);
  }

  // Shaded bands, one an event, numbered as in the list above the charts.
  const bands = {
    id: 'bands',
    beforeDatasetsDraw(chart) {
      const area = chart.chartArea, x = chart.scales.x, g = chart.ctx;
      const start = chart.options.firstCycle;
      const half = chart.data.labels.length > 1 ? (x.getPixelForValue(1) - x.getPixelForValue(0)) / 2 : 0;
      g.save();
      run.bands.forEach((band, i) => {
        if (band.to < start) return;
        const left = Math.max(area.left, x.getPixelForValue(Math.max(0, band.from - start)) - half);
        const right = Math.min(area.right, x.getPixelForValue(band.to - start) + half);
        if (i % 2 === 0) { g.fillStyle = colour('band'); g.fillRect(left, area.top, right - left, area.bottom - area.top); }
        if (right - left > 9) {
          g.fillStyle = colour('soft'); g.font = '600 11px system-ui, sans-serif'; g.textAlign = 'center';
          g.fillText(String(i + 1), (left + right) / 2, area.top - 5);
        }
      });
      g.restore();
    }
  };

  function eventOf(index) {
    const i = run.bands.findIndex((b) => b.from <= index && index <= b.to);
    return i < 0 ? '' : (i + 1) + '. ' + run.bands[i].name;
  }

  function options(unit, start) {
    const stacked = true;
    const grid = { color: colour('rule') }, ticks = { color: colour('soft'), maxRotation: 0 };
    return {
      firstCycle: start, responsive: true, maintainAspectRatio: false, animation: false, normalized: true,
      layout: { padding: { top: 16 } },
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: { stacked, grid: { display: false }, ticks: { ...ticks, autoSkipPadding: 14 },
          title: { display: !narrow.matches, text: 'cycle', color: colour('soft') } },
        y: { stacked, beginAtZero: true, grid, border: { display: false },
          ticks: { ...ticks, maxTicksLimit: 7, callback: (v) => (unit === 'bytes' ? bytes(v) : short(v)) } }
      },
      plugins: {
        legend: { position: 'bottom', labels: { color: colour('ink'), boxWidth: 12, boxHeight: 12, padding: 14 } },
        tooltip: {
          backgroundColor: colour('ink'), titleColor: colour('card'), bodyColor: colour('card'),
          footerColor: colour('card'), filter: (item) => item.parsed.y > 0,
          callbacks: {
            title: (items) => items.length ? 'Cycle ' + items[0].label + ', tick ' + count(run.cycles[start + items[0].dataIndex].tick) : '',
            label: (item) => ' ' + item.dataset.label + ': ' + (unit === 'bytes' ? bytes(item.parsed.y) : count(item.parsed.y)),
            footer: (items) => items.length ? eventOf(start + items[0].dataIndex) : ''
          }
        }
      }
    };
  }

  const bars = (series) => series.map((s) => ({
    label: s.label, data: s.values, backgroundColor: colour(s.colour), borderWidth: 0,
    barPercentage: 1, categoryPercentage: .92, minBarLength: 0
  }));
  // What the links of the workers really brought, over the bars of what was asked of them.
  const downloaded = () => ({
    type: 'line', label: 'downloaded', data: run.moved, borderColor: colour('ink'), backgroundColor: colour('ink'),
    borderWidth: 1.5, pointRadius: 1.5, stack: 'moved', order: -1
  });
  const areas = (series) => series.map((s) => ({
    label: s.label, data: s.values, backgroundColor: colour(s.colour) + '99', borderColor: colour(s.colour),
    borderWidth: 1.5, fill: true, pointRadius: 0, stepped: 'middle'
  }));

  function draw(id, type, datasets, unit, start = 0) {
    const canvas = document.getElementById(id);
    if (!canvas) return;
    datasets.forEach((d) => { d.data = d.data.slice(start); });
    charts.push(new Chart(canvas, {
      type, data: { labels: cycles.slice(start), datasets }, options: options(unit, start), plugins: [bands]
    }));
  }

  // Fill per worker over the cycles: one row a worker, one column a cycle.
  function rgb(name) {
    const hex = colour(name).replace('#', '');
    return [0, 2, 4].map((i) => parseInt(hex.substr(i, 2), 16));
  }
  function heatMap() {
    const canvas = document.getElementById('fill-map');
    if (!canvas) return;
    const rows = run.fill.length, columns = cycles.length;
    const left = narrow.matches ? 6 : 96, top = 18, bottom = 22;
    const rowHeight = Math.max(4, Math.min(14, Math.floor((narrow.matches ? 300 : 430) / Math.max(1, rows))));
    const width = canvas.parentElement.clientWidth, height = top + bottom + rows * rowHeight;
    const scale = window.devicePixelRatio || 1;
    canvas.width = width * scale; canvas.height = height * scale;
    canvas.style.width = width + 'px'; canvas.style.height = height + 'px';
    const g = canvas.getContext('2d');
    g.scale(scale, scale);
    const cell = (width - left - 4) / Math.max(1, columns);
    const cold = rgb('cold'), warm = rgb('warm'), hot = colour('hot');
    run.fill.forEach((worker, r) => {
      worker.permille.forEach((value, c) => {
        if (value < 0) return;
        const part = Math.min(1, value / 1000);
        g.fillStyle = value > 1000 ? hot
          : 'rgb(' + cold.map((from, i) => Math.round(from + (warm[i] - from) * part)).join(',') + ')';
        g.fillRect(left + c * cell, top + r * rowHeight, Math.ceil(cell * 2) / 2 + .4, rowHeight - (rowHeight > 6 ? 1 : 0));
      });
    });
    g.fillStyle = colour('soft'); g.font = '11px system-ui, sans-serif'; g.textBaseline = 'middle';
    if (!narrow.matches) {
      g.textAlign = 'right';
      const each = Math.max(1, Math.ceil(12 / rowHeight));
      run.fill.forEach((worker, r) => {
        if (r % each === 0) g.fillText(worker.name, left - 8, top + (r + .5) * rowHeight);
      });
    }
    g.textAlign = 'center';
    run.bands.forEach((band, i) => {
      const from = left + band.from * cell, to = left + (band.to + 1) * cell;
      g.fillStyle = colour('rule');
      if (i > 0) g.fillRect(from - .5, top - 12, 1, rows * rowHeight + 12);
      g.fillStyle = colour('soft');
      if (to - from > 9) g.fillText(String(i + 1), (from + to) / 2, 8);
    });
    const step = Math.max(1, Math.ceil(columns / (narrow.matches ? 6 : 14)));
    for (let c = 0; c < columns; c += step) g.fillText(String(cycles[c]), left + (c + .5) * cell, height - 9);
    const pointed = document.getElementById('fill-pointed');
    canvas.onpointermove = (e) => {
      const box = canvas.getBoundingClientRect();
      const c = Math.floor((e.clientX - box.left - left) / cell), r = Math.floor((e.clientY - box.top - top) / rowHeight);
      const worker = run.fill[r];
      const value = worker && worker.permille[c];
      pointed.textContent = value === undefined ? ''
        : worker.name + ' (' + worker.zone + ', ' + bytes(worker.capacity) + '), cycle ' + cycles[c] + ': '
          + (value < 0 ? 'away' : (value / 10).toFixed(1) + ' % full');
    };
  }

  // A zone that is lost: seconds instead of cycles, bands of pressure instead of events.
  const lossColours = ['evacuate', 'intent', 'new', 'growth', 'balance', 'repair', 'relocate', 'shrink'];
  const pressureBands = {
    id: 'pressureBands',
    beforeDatasetsDraw(chart) {
      const area = chart.chartArea, x = chart.scales.x, g = chart.ctx, all = run.loss.bands;
      const strength = { normal: 0, elevated: 1, high: 2, critical: 3 };
      g.save();
      for (let from = 0, to; from < all.length; from = to) {
        to = from + 1;
        while (to < all.length && all[to] === all[from]) to++;
        const left = x.getPixelForValue(from), right = x.getPixelForValue(Math.min(to, all.length - 1));
        g.fillStyle = colour('band');
        for (let i = 0; i < strength[all[from]]; i++) g.fillRect(left, area.top, right - left, area.bottom - area.top);
        g.fillStyle = colour('soft'); g.font = '600 11px system-ui, sans-serif'; g.textAlign = 'center';
        const name = g.measureText(all[from]).width + 4 < right - left ? all[from] : all[from][0];
        g.fillText(name, (left + right) / 2, area.top - 5);
      }
      g.restore();
    }
  };
  function drawLoss(id, series, stacked, unit) {
    const canvas = document.getElementById(id);
    if (!canvas) return;
    const datasets = series.map((s, i) => ({
      label: s.label, data: s.values, borderColor: colour(lossColours[i % 8]), pointRadius: 0,
      fill: !stacked ? false : i === 0 ? 'origin' : '-1',
      backgroundColor: colour(lossColours[i % 8]), borderWidth: stacked ? 0 : 2, borderDash: stacked ? [] : [[], [6, 4], [2, 3]][i % 3]
    }));
    const labels = run.loss.bands.map((_, i) => i + 1);
    const chosen = options(unit, 0);
    chosen.scales.x.title.text = 'second';
    chosen.scales.y.stacked = stacked;
    chosen.plugins.tooltip.callbacks.title = (items) => items.length ? 'Second ' + items[0].label : '';
    chosen.plugins.tooltip.callbacks.footer = (items) => items.length ? 'pressure ' + run.loss.bands[items[0].dataIndex] : '';
    charts.push(new Chart(canvas, { type: 'line', data: { labels, datasets }, options: chosen, plugins: [pressureBands] }));
  }

  function all() {
    charts.forEach((c) => c.destroy());
    charts = [];
    draw('bytes', 'bar', bars(run.causes).concat(downloaded()), 'bytes');
    const later = run.bands.length > 1 ? run.bands[1].from : 0;
    const moved = run.causes.filter((s) => s.values.slice(later).some((v) => v > 0));
    draw('bytes-later', 'bar', bars(moved).concat(downloaded()), 'bytes', later);
    draw('replicas', 'line', areas(run.settled), 'replicas');
    draw('moving', 'line', areas(run.moving), 'replicas', later);
    heatMap();
    drawLoss('loss-classes', run.loss.classes, true, 'bytes');
    drawLoss('loss-risk', run.loss.risk, false, 'chunks');
  }

  let resized = 0;
  window.addEventListener('resize', () => { clearTimeout(resized); resized = setTimeout(heatMap, 120); });
  wanted.addEventListener('change', all);
  narrow.addEventListener('change', all);
  window.addEventListener('beforeprint', () => charts.forEach((c) => c.resize()));
  all();
})();
