/** The signed-in frame: navigation at the left (a drawer on a phone), top bar, and the page. */
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { showError } from "@/ui/toasts";
import type { CommandPalette as PaletteCode } from "./CommandPalette";
import { Navigation, NavigationDrawer } from "./Navigation";
import { useShortcuts } from "./shortcuts";
import { TopBar } from "./TopBar";

// Neither is part of the first load.
const ShortcutHelp = lazy(() => import("./ShortcutHelp").then((module) => ({ default: module.ShortcutHelp })));

export function Shell() {
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const { CommandPalette, load } = usePalette();
  const openPalette = useCallback(() => { load(); setPalette(true); }, [load]);
  const openHelp = useCallback(() => setHelp(true), []);
  useShortcuts({ onPalette: openPalette, onHelp: openHelp });
  const loading = useRouterState({ select: (state) => state.isLoading });
  return (
    <div className="flex h-dvh overflow-hidden">
      <a href="#page" className="sr-only z-60 rounded-md bg-raised px-3 py-2 shadow-pop focus:not-sr-only focus:fixed focus:top-2 focus:left-2">Skip to the page</a>
      <Navigation />
      <NavigationDrawer open={drawer} onClose={() => setDrawer(false)} />
      <div className="flex min-w-0 flex-1 flex-col lg:py-2 lg:pr-2">
        <div className="flex min-h-0 flex-1 flex-col overflow-hidden bg-surface lg:rounded-xl lg:border lg:border-line lg:shadow-sm">
          <TopBar onMenu={() => setDrawer(true)} onSearch={openPalette} onHelp={openHelp} loading={loading} />
          <main id="page" tabIndex={-1} className="min-h-0 flex-1 outline-none"><Outlet /></main>
        </div>
      </div>
      {palette && CommandPalette && <CommandPalette open onClose={() => setPalette(false)} />}
      <Suspense>
        {help && <ShortcutHelp open onClose={() => setHelp(false)} />}
      </Suspense>
    </div>
  );
}

type Palette = typeof PaletteCode;
const AFTER_FIRST_LOAD_MS = 1_000;

/** The palette's code, fetched before it is asked for: what is typed right after Ctrl K belongs into it. `lazy` would
    show it a third of a second late even then, because React holds back what it once showed a fallback for. */
function usePalette(): { CommandPalette: Palette | undefined; load: () => void } {
  const [code, setCode] = useState<{ CommandPalette: Palette }>();
  const load = useCallback(() => {
    import("./CommandPalette").then(setCode, () => showError("The search could not be loaded. Check your connection and try again."));
  }, []);
  useEffect(() => {
    const timer = setTimeout(load, AFTER_FIRST_LOAD_MS);
    return () => clearTimeout(timer);
  }, [load]);
  return { CommandPalette: code?.CommandPalette, load };
}
