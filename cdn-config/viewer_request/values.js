// Parsers of values. They return undefined if the value isn't allowed.

// A number as a multiple of its smallest decimal place, rounded down.
function number(min, max, decimals) {
  return text => {
    const parts = text.split('.');
    const isNumber = matches(text, /^\d+(\.\d+)?/);
    const units = isNumber ? Math.min(parts[0] + ((parts[1] || '') + '000').slice(0, decimals || 0), max) : -1;
    return units < min ? undefined : units;
  };
}

// True for the name of a preset or a mark.
function isName(text) {
  return matches(text, /^[a-z\d-]{1,32}/);
}

function oneOf(list) {
  return text => words(list).find(word => word === text);
}

function thousandths(text) {
  return matches(text, /^\d*\.?\d+/) ? Math.round(Math.min(text, 1) * 1000) : undefined;
}

function gravity(text) {
  const named = oneOf(GRAVITIES + SMART);
  const found = named(text) || named(text.split(',').reverse().join());
  return found && found.replace(',', '-');
}

function ratio(text) {
  const isRatio = matches(text, /^\d{1,4}(\.\d+)?:\d{1,4}(\.\d+)?/);
  const sides = isRatio ? text.split(':').map(number(1, 1e7, 3)) : [];
  return sides[0] && sides[1] ? sides : undefined;
}

function rectangle(text) {
  const sides = text.split(',').map(number(0, 1e6));
  const isFour = sides.length === 4 && !sides.includes(undefined);
  return isFour && sides[2] && sides[3] ? sides.join('-') : undefined;
}

// The colour as rrggbb, or as aarrggbb if it isn't opaque.
async function color(text) {
  if (matches(text, /^[\da-fA-F]+/) && [3, 4, 6, 8].includes(text.length)) {
    const digits = (text.length < 5 ? text.replace(/./g, '$&$&') : text).toLowerCase();
    return digits.replace(/^ff(?=.{6})/, '');
  }
  const key = 'color/' + lowerCase(text);
  const isName = text.length < 32 && matches(text, /^[a-zA-Z]+/) && await kvs.exists(key);
  return isName ? kvs.get(key) : undefined;
}
