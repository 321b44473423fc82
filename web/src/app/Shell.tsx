/** The signed-in frame: navigation at the left (a drawer on a phone), top bar, and the page. */
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { Navigation, NavigationDrawer } from "./Navigation";
import { useShortcuts } from "./shortcuts";
import { TopBar } from "./TopBar";

// Neither is part of the first load.
const loadPalette = () => import("./CommandPalette");
const CommandPalette = lazy(() => loadPalette().then((module) => ({ default: module.CommandPalette })));
const ShortcutHelp = lazy(() => import("./ShortcutHelp").then((module) => ({ default: module.ShortcutHelp })));

export function Shell() {
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const openPalette = useCallback(() => setPalette(true), []);
  const openHelp = useCallback(() => setHelp(true), []);
  // Fetched before it is asked for: what is typed right after Ctrl K belongs into it.
  useEffect(() => { const timer = setTimeout(() => void loadPalette(), 1_000); return () => clearTimeout(timer); }, []);
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
      <Suspense>
        {palette && <CommandPalette open onClose={() => setPalette(false)} />}
        {help && <ShortcutHelp open onClose={() => setHelp(false)} />}
      </Suspense>
    </div>
  );
}
