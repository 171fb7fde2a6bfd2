/** `1 min 35 s`: the two largest units, rounded down. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return pair(days, 'd', hours % 24, 'h');
  if (hours > 0) return pair(hours, 'h', minutes % 60, 'min');
  if (minutes > 0) return pair(minutes, 'min', whole % 60, 's');
  return `${String(whole)} s`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = small === 0 ? '' : ` ${String(small)} ${smallUnit}`;
  return `${count(large)} ${largeUnit}${rest}`;
}

/** `12,345`. Not by Intl, which would follow the locale of the server. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
