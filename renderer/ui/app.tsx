import { lazy, type ReactNode, Suspense } from "react";
import { useAccounts } from "../state/accounts.ts";
import { type Route, useRoute } from "../state/route.ts";
import { MailPage } from "./mail/mail-page.tsx";
import { ErrorBoundary } from "./parts/error-boundary.tsx";
import { Shell } from "./shell/shell.tsx";
import { ToastPlace } from "./shell/toast-place.tsx";

const OutboxPage = lazy(async () => ({ default: (await import("./outbox/outbox-page.tsx")).OutboxPage }));
const DraftsPage = lazy(async () => ({ default: (await import("./compose/drafts-page.tsx")).DraftsPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./settings/settings-page.tsx")).SettingsPage }));
const FirstRun = lazy(async () => ({ default: (await import("./accounts/first-run.tsx")).FirstRun }));
const AccountWizard = lazy(async () => ({ default: (await import("./accounts/account-wizard.tsx")).AccountWizard }));
const UnlockAtStart = lazy(async () => ({ default: (await import("./accounts/unlock-dialog.tsx")).UnlockAtStart }));
const ComposerHost = lazy(async () => ({ default: (await import("./compose/composer-host.tsx")).ComposerHost }));

export function App(): ReactNode {
  const route = useRoute((state) => state.route);
  const needsAccount = useAccounts((state) => state.loaded && state.accounts.length === 0);
  return (
    <>
      <ErrorBoundary>
        <Suspense>{needsAccount && route.page !== "account" ? <FirstRun /> : <Page route={route} />}</Suspense>
      </ErrorBoundary>
      <ErrorBoundary>
        <Suspense>
          <ComposerHost />
          <UnlockAtStart />
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
      {route.page === "mail" && <MailPage />}
      {route.page === "outbox" && <OutboxPage />}
      {route.page === "drafts" && <DraftsPage />}
      {route.page === "settings" && <SettingsPage />}
    </Shell>
  );
}
