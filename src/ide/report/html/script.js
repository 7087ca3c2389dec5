'use strict';
// Sorts and filters the table of all locations. Without it the page has everything, in the order of the files.
(function () {
  var body = document.body;
  body.classList.remove('no-script');
  var table = document.getElementById('locations');
  if (!table) return;
  var rows = Array.prototype.slice.call(table.tBodies[0].rows);
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var language = document.documentElement.lang;

  function value(row, column) { return row.cells[column].getAttribute('data-v') || ''; }

  heads.forEach(function (head, column) {
    var button = head.querySelector('button');
    if (!button) return;
    button.addEventListener('click', function () {
      var numbers = head.classList.contains('number');
      // Numbers begin with the largest.
      var up = head.hasAttribute('aria-sort') ? head.getAttribute('aria-sort') !== 'ascending' : !numbers;
      heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      rows.sort(function (a, b) {
        var x = value(a, column), y = value(b, column);
        var order = numbers ? Number(x) - Number(y) : x.localeCompare(y, language, { numeric: true });
        return (up ? order : -order) || Number(a.getAttribute('data-n')) - Number(b.getAttribute('data-n'));
      });
      rows.forEach(function (row) { table.tBodies[0].appendChild(row); });
    });
  });

  var text = document.getElementById('filter');
  var server = document.getElementById('server');
  var boxes = Array.prototype.slice.call(document.querySelectorAll('.controls input[type="checkbox"]'));
  var shown = document.getElementById('shown');

  function filter() {
    var words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var verdicts = boxes.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    var count = 0;
    rows.forEach(function (row) {
      var content = row.textContent.toLowerCase();
      var fits = verdicts.indexOf(row.getAttribute('data-verdict')) >= 0
        && (!server.value || row.getAttribute('data-server') === server.value)
        && words.every(function (word) { return content.indexOf(word) >= 0; });
      row.hidden = !fits;
      if (fits) count += 1;
    });
    shown.textContent = count + ' / ' + rows.length;
  }

  [text, server].concat(boxes).forEach(function (control) { control.addEventListener('input', filter); });
  filter();

  // A row that a link leads to must not be hidden by a filter.
  window.addEventListener('hashchange', function () {
    var row = document.getElementById(location.hash.slice(1));
    if (row && row.hidden) { row.hidden = false; row.scrollIntoView(); }
  });
}());
