import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useAccounts } from "../state/accounts.ts";
import { useComposers } from "../state/composers.ts";
import { useLock } from "../state/lock.ts";
import { type Route, useRoute } from "../state/route.ts";
import { MailPage } from "./mail/mail-page.tsx";
import { ErrorBoundary } from "./parts/error-boundary.tsx";
import { UnsubscribeDialog } from "./reader/unsubscribe.tsx";
import { Shell } from "./shell/shell.tsx";
import { ToastPlace } from "./shell/toast-place.tsx";

const OutboxPage = lazy(async () => ({ default: (await import("./outbox/outbox-page.tsx")).OutboxPage }));
const BulkPage = lazy(async () => ({ default: (await import("./bulk/bulk-page.tsx")).BulkPage }));
const DraftsPage = lazy(async () => ({ default: (await import("./compose/drafts-page.tsx")).DraftsPage }));
const AttachmentsPage = lazy(async () => ({ default: (await import("./attachments/attachments-page.tsx")).AttachmentsPage }));
const JournalPage = lazy(async () => ({ default: (await import("./journal/journal-page.tsx")).JournalPage }));
const SafetyPage = lazy(async () => ({ default: (await import("./safety/safety-page.tsx")).SafetyPage }));
const HealthPage = lazy(async () => ({ default: (await import("./health/health-page.tsx")).HealthPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./settings/settings-page.tsx")).SettingsPage }));
const FirstRun = lazy(async () => ({ default: (await import("./accounts/first-run.tsx")).FirstRun }));
const AccountWizard = lazy(async () => ({ default: (await import("./accounts/account-wizard.tsx")).AccountWizard }));
const UnlockAtStart = lazy(async () => ({ default: (await import("./accounts/unlock-dialog.tsx")).UnlockAtStart }));
const LockScreen = lazy(async () => ({ default: (await import("./lock/lock-screen.tsx")).LockScreen }));
const ConfirmPin = lazy(async () => ({ default: (await import("./lock/confirm-pin.tsx")).ConfirmPin }));
const composerHost = () => import("./compose/composer-host.tsx");
const ComposerHost = lazy(async () => ({ default: (await composerHost()).ComposerHost }));

/** The editor is as large as all the rest: it is fetched when the first list stands, so that New message opens at once. */
const EDITOR_AFTER_MS = 2_000;

export function App(): ReactNode {
  const route = useRoute((state) => state.route);
  const needsAccount = useAccounts((state) => state.loaded && state.accounts.length === 0);
  const locked = useAccounts((state) => state.vault?.locked === true);
  const shut = useLock((state) => state.locked);
  const asking = useLock((state) => state.asking !== null);
  const writing = useComposers((state) => state.composers.length > 0);
  useEffect(() => {
    const later = setTimeout(() => void composerHost(), EDITOR_AFTER_MS);
    return () => clearTimeout(later);
  }, []);
  if (shut)
    return (
      <Suspense>
        <LockScreen />
      </Suspense>
    );
  return (
    <>
      <ErrorBoundary page>
        <Suspense>{needsAccount && route.page !== "account" ? <FirstRun /> : <Page route={route} />}</Suspense>
      </ErrorBoundary>
      <ErrorBoundary>
        <Suspense>
          {writing && <ComposerHost />}
          {locked && <UnlockAtStart />}
          <UnsubscribeDialog />
          {asking && <ConfirmPin />}
        </Suspense>
      </ErrorBoundary>
      <ToastPlace />
    </>
  );
}

/** The wizard has the whole window; every other page stands beside the sidebar. */
function Page({ route }: { route: Route }): ReactNode {
  if (route.page === "account") return <AccountWizard accountId={route.accountId} />;
  return (
    <Shell>
      {/* A page that cannot be drawn leaves the sidebar in use, and the next page is a new beginning. */}
      <ErrorBoundary key={route.page} page>
        {route.page === "mail" && <MailPage />}
        {route.page === "outbox" && <OutboxPage />}
        {route.page === "bulk" && <BulkPage route={route} />}
        {route.page === "drafts" && <DraftsPage />}
        {route.page === "attachments" && <AttachmentsPage />}
        {route.page === "journal" && <JournalPage />}
        {route.page === "safety" && <SafetyPage />}
        {route.page === "health" && <HealthPage />}
        {route.page === "settings" && <SettingsPage />}
      </ErrorBoundary>
    </Shell>
  );
}
