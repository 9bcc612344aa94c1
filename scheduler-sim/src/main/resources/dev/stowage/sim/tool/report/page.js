// What every page has: formats, colours of the legend, and tables that sort.
const page = (function () {
  'use strict';
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const count = (n) => n.toLocaleString('en-US');
  function bytes(n) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
    let unit = 0;
    while (Math.abs(n) >= 1024 && unit < units.length - 1) { n /= 1024; unit++; }
    return Number(n.toFixed(n >= 100 ? 0 : n >= 10 ? 1 : 2)) + ' ' + units[unit];
  }
  function short(n) {
    if (n >= 1e6) return (n / 1e6).toLocaleString('en-US') + ' M';
    return n >= 1e3 ? (n / 1e3).toLocaleString('en-US') + ' k' : count(n);
  }

  // ---- tables: a button in each headline sorts by its column

  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
    if (body.rows.length < 2) return;
    const key = (row, c) => row.cells[c].dataset.sort;
    heads.forEach((head, c) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = head.textContent;
      head.textContent = '';
      head.append(button);
      button.onclick = () => {
        const sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
        heads.forEach((each) => each.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
        body.append(...[...body.rows].sort((a, b) => sign * (key(a, c) === undefined
          ? a.cells[c].textContent.localeCompare(b.cells[c].textContent, 'en', { numeric: true })
          : key(a, c) - key(b, c))));
      };
    });
  }
  document.querySelectorAll('table').forEach(sortable);
  return { colour, count, bytes, short };
})();
