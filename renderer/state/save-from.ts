/** Down to the disk, by the way of a link: what it names is not shown but saved, under the name that the engine gives it. */
export function saveFrom(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}
