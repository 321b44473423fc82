/** The signed-in frame: navigation at the left (a drawer on a phone), top bar, and the page. */
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { CommandPalette } from "./CommandPalette";
import { Navigation, NavigationDrawer } from "./Navigation";
import { ShortcutHelp } from "./ShortcutHelp";
import { useShortcuts } from "./shortcuts";
import { TopBar } from "./TopBar";

export function Shell() {
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const openPalette = useCallback(() => setPalette(true), []);
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
      <CommandPalette open={palette} onClose={() => setPalette(false)} />
      <ShortcutHelp open={help} onClose={() => setHelp(false)} />
    </div>
  );
}
