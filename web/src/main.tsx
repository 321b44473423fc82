/** Starts the application in the page. */
import "@fontsource-variable/inter/wght.css";
import "@/ui/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { onSignedOut, queryClient } from "@/api/client";
import { router } from "@/app/router";
// Pages outside of the frame follow the system's theme too.
import "@/app/theme";
import { keepFocusOnPage } from "@/ui/pageFocus";
import { Toaster } from "@/ui/Toaster";
import { TipProvider } from "@/ui/Tip";

onSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname !== "/sign-in") void router.navigate({ to: "/sign-in", search: { next: href } });
});

keepFocusOnPage();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <TipProvider delayDuration={350}>
          <RouterProvider router={router} />
          <Toaster />
        </TipProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
