// Filters the actions, and opens what the address names.
(function () {
  'use strict';
  const filter = document.getElementById('filter');
  if (filter) {
    const rows = [...document.querySelectorAll('#moves tbody tr')], shown = document.getElementById('shown');
    filter.oninput = () => {
      const wanted = filter.value.toLowerCase();
      let count = 0;
      rows.forEach((row) => {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
        count += row.hidden ? 0 : 1;
      });
      shown.textContent = wanted ? page.count(count) + ' of ' + page.count(rows.length) : '';
    };
  }
  function open() {
    const name = decodeURIComponent(location.hash.slice(1));
    const found = name && (document.getElementById('why:' + name) || document.getElementById(name));
    if (!found) return;
    if (found.tagName === 'DETAILS') found.open = true;
    found.scrollIntoView();
  }
  document.querySelectorAll('#why details').forEach((each) => {
    each.ontoggle = () => {
      if (each.open) history.replaceState(null, '', '#' + encodeURIComponent(each.id.slice('why:'.length)));
    };
  });
  addEventListener('hashchange', open);
  open();
})();
