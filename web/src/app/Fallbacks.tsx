/** What stands where a page cannot be: not found, failed, still loading. */
import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Button } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Empty, Failure, SkeletonRows } from "@/ui/States";

export function Lost() {
  return (
    <Page title="Page not found">
      <Empty icon={<Compass aria-hidden />} title="There is nothing here" action={<Button asChild look="primary"><Link to="/workflows">Open workflows</Link></Button>}>
        The address may be mistyped, or what it showed has been deleted. The search at the top finds records by name.
      </Empty>
    </Page>
  );
}

export function PageFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return <Failure error={error} onRetry={() => { reset(); void router.invalidate(); }} />;
}

export function PagePending() {
  return <div className="h-full bg-surface pt-16"><SkeletonRows /></div>;
}
