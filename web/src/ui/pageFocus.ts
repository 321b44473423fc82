/**
 * Keeps the keyboard on the page: where the focused element goes away, as when its page is left or a list
 * empties, the page's heading has the focus, never the body. What a person leaves by clicking beside it stays left.
 * While a page is awaited, the one before is still there but hidden; that counts as gone.
 */

let headingIsDue = false;

/** The page's heading has the focus: at once, or as soon as the page has one. An open dialog keeps the focus inside. */
export function focusPage(): void {
  const dialog = [...document.querySelectorAll<HTMLElement>("[role=dialog][data-state=open]")].at(-1);
  const page = document.getElementById("page");
  const heading = [...(page ?? document).querySelectorAll<HTMLElement>("h1")].find((each) => each.checkVisibility());
  if (heading) heading.tabIndex = -1;
  headingIsDue = !dialog && !heading;
  (dialog ?? heading ?? page)?.focus({ preventScroll: true });
}

/** Watches for as long as the application runs. */
export function keepFocusOnPage(): void {
  let last: Element | null = null;
  document.addEventListener("focusin", ({ target }) => { last = target instanceof Element ? target : null; });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (relatedTarget) return;
    // This is also said of what is just being removed or hidden; a moment later it can be told.
    setTimeout(() => {
      if (target !== last || !isNowhere()) return;
      if (isGone(last)) focusPage();
      else last = null;
    });
  });
  new MutationObserver(() => {
    const lost = last !== null && isNowhere() && isGone(last);
    if (lost || (headingIsDue && document.activeElement?.id === "page")) focusPage();
  }).observe(document.body, { childList: true, subtree: true });
}

function isGone(element: Element | null): boolean {
  return element !== null && !(element.isConnected && element.checkVisibility());
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
