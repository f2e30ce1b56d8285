/** A custom property of the page's style, read when drawing so that dark and light need no second palette here. */
export function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
