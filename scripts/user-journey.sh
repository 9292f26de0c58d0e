#!/usr/bin/env bash
# Executes the README and the guide, step by step, in a copy of the checkout, on its own database.
#
# The script takes the code that it pastes from README.md and docs/guide. At its end it fails if a transcript there
# shows a make command that neither this script nor .ci/run has run. crates/seedbed-cli/tests/it/guide.rs checks the
# rest.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)

say() { printf '%s\n' "$1" >&2; }
fail() { say "error: $1" && exit 1; }

export RUN=local
unset DATABASE_URL APP_ENV MAKEFLAGS MAKELEVEL
# The checkout and the copy share the build.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repository/target}
copy=$(mktemp -d)
# The output of the last command, and the list of all commands.
said=$copy.said
typed=$copy.typed
: >"$typed"

finish() {
    local code=$?
    if [[ $code -ne 0 && -f $said ]]; then
        say "--- the output of the last command:"
        cat "$said" >&2
    fi
    (cd "$copy" && make db-stop >/dev/null 2>&1) || true
    rm -rf "$copy" "$said" "$typed"
    exit "$code"
}
trap finish EXIT

cd "$repository"
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- --create --file=- |
    tar --extract --directory="$copy" --file=-
cd "$copy"
# The copy is a separate checkout, whose origin has the current files.
git init --quiet --initial-branch=main
git add --all
git -c user.name=journey -c user.email=journey@example.com commit --quiet --message=start
git update-ref refs/remotes/origin/main HEAD

# Types a command, which must succeed.
works() {
    local word line=
    for word in "$@"; do
        case $word in *' '*) word="${word%%=*}='${word#*=}'" ;; esac
        line+=" $word"
    done
    printf '$%s\n' "$line"
    printf '%s\n' "${line# }" >>"$typed"
    "$@" >"$said" 2>&1 || fail "this should have worked: $*"
}

# Types a command, which must fail.
fails() {
    printf '$ %s   (has to fail)\n' "$*"
    if "$@" >"$said" 2>&1; then fail "this should have failed: $*"; fi
}

says() { grep --quiet --fixed-strings -e "$1" "$said" || fail "the output lacks: $1"; }
says_not() { if grep --quiet --ignore-case -e "$1" "$said"; then fail "the output contains: $1"; fi; }
sql() { make --silent db-psql args="-X -q -t -A -c \"$1\"" 2>/dev/null; }
is() { [[ $1 == "$2" ]] || fail "this is \"$1\" and should be \"$2\""; }

# Prints the code block after the comment `KIND: NAME` in the README or the guide: marked KIND NAME.
marked() {
    awk -v name="<!-- $1: $2 -->" '
        $0 == name { found = 1; next }
        found && /^```/ { if (inside) exit; inside = 1; next }
        inside { print }' README.md docs/guide/*.md
}
block() { marked journey "$1"; }

# Fails unless the last command printed each line of the block `printed: NAME`, regardless of the durations.
prints() {
    local line
    [[ -n $(marked printed "$1") ]] || fail "no document shows what $1 prints"
    while IFS= read -r line; do
        without_durations <"$said" | grep --quiet --line-regexp --fixed-strings -e "$line" || fail "the output lacks the line: $line"
    done < <(marked printed "$1" | without_durations)
}
without_durations() { sed -E 's/[0-9.]+ (ms|s)$/TIME/'; }

# Runs a command that prints JSON, and fails if one of its keys is not in the block `json: NAME`: json NAME COMMAND...
json() {
    local unknown
    printf '$ %s\n' "${*:2}"
    "${@:2}" >"$said" 2>/dev/null || true
    [[ -s $said ]] || fail "this printed no JSON: ${*:2}"
    unknown=$(comm -23 <(keys <"$said") <(marked json "$1" | keys))
    [[ -z $unknown ]] || fail "the guide does not know these keys of $1: $unknown"
}
keys() { grep -o '"[a-z_]*":' | LC_ALL=C sort -u; }

# Creates a script with make and writes its text from standard input: script KIND NAME. Sets `file` to its path.
script() {
    works make "create-$1" name="$2"
    file=$(grep '\.rs$' "$said")
    cat >"$file"
}

echo '== a fresh database'
works make fresh-start
prints fresh-start
works make migrate-status
says_not pending
json status make migrate-status json=1
json run make migrate-redo json=1
json error make migrate-up to=nowhere json=1
json verify make migrate-verify json=1

echo '== a new table'
fails make create-migration createWidgets
says "hint: run \`make create-migration name=createWidgets\`"
fails make create-migration name=createWidgets fields='name:string' size:integer
says "hint: quote the list of fields: \`fields='name:string size:integer'\`"
fails make migrate
says "did you mean migrate-up migrate-down"
works make create-migration name=createWidgets
migration=$(grep '\.rs$' "$said")
case $migration in
    apps/backend/tools/rds/src/migrations/m????????_??????_create_widgets.rs) ;;
    *) fail "this is not where a migration belongs: $migration" ;;
esac
works make migrate-status
says "1 pending"
says_not warning
fails make migrate-up
says "is not written yet"
says "$(basename "$migration")"
fails make create-migration name=createWidgets
says "$(basename "$migration")"
block migration >"$migration"
json plan make migrate-up dry_run=1 json=1
works make migrate-up
says "1 migration applied"
works make migrate-status
works make migrate-down
says "1 migration reverted"
is "$(sql "select to_regclass('widgets') is null")" t
works make migrate-up
is "$(sql "select count(*) from widgets")" 0
works make migrate-verify since=origin/main
says "1 script verified"
works make migrate-verify name=create_widgets
works make migrate-verify

echo '== its entity, its model, its test'
fails make entities-check
says "table widgets: exists in the migrations, missing from the entities"
works make entities
says "crates/entity/src/tables/widget.rs"
works make entities-check
works make create-model name=Widget
works make fmt-check
works make test module=backend filter=a_missing_widget_is_reported
says "a_missing_widget_is_reported ... ok"
fails make create-model name=widgets
says "widget.rs\` already exists"
block model >apps/backend/src/models/widget.rs
{ block test && echo && block test-transaction && echo && block test-seeds; } >apps/backend/tests/it/widget.rs
sed -i.bak 's/^use seedbed_testdb::TestDatabase;/use seedbed_testdb::{TestDatabase, TestTransaction};/' \
    apps/backend/tests/it/widget.rs && rm apps/backend/tests/it/widget.rs.bak
works make test module=backend
says "widgets_go_with_their_organization ... ok"
says "a_widget_belongs_to_its_organization ... ok"
says "the_default_roles_are_seeded ... ok"
works make fmt-check

echo '== a column for a table that has rows'
sql "insert into widgets (name, organization_id) select 'Sprocket', id from organizations limit 1"
is "$(sql "select count(*) from widgets")" 1
script migration addColorToWidgets <<'EOF'
//! Widgets get a color, in the way that fails.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_column("widgets", string("color")).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_column("widgets", "color").await
}
EOF
fails make migrate-up
says "contains null values"
says 'schema.set_not_null("widgets", "color")'
works make create-migration name=createGadgets fields='name:string! price:decimal(10,2)=0 widget:references:cascade'
sed -i.bak 's/string("color")/string_null("color")/' "$file" && rm "$file.bak"
works make create-migration name=createTags fields='name:string!:unique color:enum(red,blue)!=red words:text[]!'
says "    Creates \`tags\`."
works make create-migration name=addGreenToTagColorEnum
fails make create-migration name=addColourToTags fields='shade:string'
says "hint: write \`fields='colour:string'\`, or use the name \`add_shade_to_tags\`"
works make migrate-up
is "$(sql "select count(*) from gadgets")" 0
mkdir crates/entity/src/by_hand
block by-hand >crates/entity/src/by_hand/widget.rs
works make entities
grep --quiet --fixed-strings 'pub price: Option<Decimal>' crates/entity/src/tables/gadget.rs || fail "a price is no Decimal"
json diff make schema args='--diff apps/backend/tools/rds/schema.sql migrations' json=1
fails make schema-check
says "hint: run \`make schema\` to write"
# Clippy and rustdoc run elsewhere, and take minutes.
mkdir "$copy/bin"
cat >"$copy/bin/cargo" <<EOF
#!/usr/bin/env bash
case \$1 in clippy | doc) exit 101 ;; esac
exec "$(command -v cargo)" "\$@"
EOF
chmod +x "$copy/bin/cargo"
PATH=$copy/bin:$PATH fails make check
says "==> entities-check"
says "schema-check    failed: make schema"
says "doc             failed: make doc shows it again"
says "error: 3 of 5 checks failed"
works make schema
works make schema args='--diff apps/backend/tools/rds/schema.sql migrations'
works make schema args='--diff apps/backend/tools/rds/schema.sql migrations' exclude='table:jobs.* index:tuning_*' exclude_partitions=1
json schema make schema args=migrations json=1
works make create-model name=Gadget
works make create-model name=Tag
works make test module=backend filter=a_missing_
says "a_missing_gadget_is_reported ... ok"
says "a_missing_tag_is_reported ... ok"
works make fmt-check
works make create-migration name=dropGadgets
grep --quiet --fixed-strings 'decimal_len_null("price", 10, 2)' "$(grep '\.rs$' "$said")" || fail "down does not restore gadgets"
rm "$(grep '\.rs$' "$said")"
works make create-migration name=dropTags
says "the enum type \`tag_color\` is not dropped; \`make create-migration name=dropTagColorEnum\` drops it"
rm "$(grep '\.rs$' "$said")"
fails make create-migration name=createWidget fields='name:string!'
says "the database already has a table \`widgets\`, the plural of \`widget\`"
script migration backfillColorOfWidgets <<'EOF'
//! Existing widgets are gray.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("UPDATE widgets SET color = 'gray' WHERE color IS NULL").await
}

pub async fn down(_: &Schema<'_>) -> Result {
    Ok(())
}
EOF
script migration requireColorOfWidgets < <(block not-null)
echo '== when the backend starts'
url=$(make --silent db-url 2>/dev/null)
fails env DATABASE_URL="$url" cargo run --quiet --package backend
says "2 migrations are pending"
works make migrate-up
is "$(sql "select color from widgets")" gray
is "$(sql "select is_nullable from information_schema.columns where table_name = 'widgets' and column_name = 'color'")" NO
works env DATABASE_URL="$url" cargo run --quiet --package backend
says "the schema is current"
works make migrate-down step=6
works make migrate-up to=addGreenToTagColorEnum
says "_add_green_to_tag_color_enum"
works make migrate-up
fails make migrate-up env=prodution
says "did you mean \`production\`?"

echo '== an index, a script that cannot be reverted, and a repair'
script migration indexWidgetsOnName < <(block concurrent-index)
works make migrate-up
works make migrate-redo
is "$(sql "select indisvalid from pg_index where indexrelid = 'widgets_name_idx'::regclass")" t
script migration lowercaseNamesOfWidgets < <(block irreversible)
works make migrate-up
fails make migrate-down
says "is irreversible: the former spelling of the names is not kept"
rm "$file"
works make migrate-repair
says "missing  --not-applied"
json repairable make migrate-repair json=1
works make migrate-repair args='--not-applied lowercase_names_of_widgets'
says "missing -> unknown"
json repaired make migrate-repair args='--applied create_widgets' json=1
works make migrate-status
says_not missing

echo '== rows that must always exist'
script seed createAdminUser < <(block seed)
script seed createAuditorRole < <(block seed-entities)
printf 'name,description\nguest,Looks on.\n' >roles.csv
works make create-seed name=createMoreRoles table=roles rows=roles.csv
fails make create-seed name=createRolesAgain table=roles rows=missing.csv
says "failed to read \`missing.csv\`"
printf 'name,description\nguest,Looks on.\nguest,Again.\n' >twice.csv
fails make create-seed name=createRolesAgain table=roles rows=twice.csv
says '`twice.csv`: line 3: the same `name` as on line 2: `guest`'
works make create-seed name=createRolesOfProduction table=roles rows=roles.csv env=production
works make seed-up
is "$(sql "select description from roles where name = 'guest'")" "Looks on."
is "$(sql "select is_admin from users where email = 'widgets@example.com'")" t
works make seed-status
works make seed-down step=1
works make seed-up
works make seed-down
is "$(sql "select count(*) from users where email = 'widgets@example.com'")" 0
works make fresh-start
is "$(sql "select count(*) from users where email = 'widgets@example.com'")" 1

echo '== a script that does not compile blocks nobody'
script migration breakTheBuild <<<'this is not Rust'
fails make migrate-up
works make create-migration name=anotherOne
works make create-seed name=anotherOne
works make db-url

echo '== what the README and the guide show was typed'
while IFS= read -r command; do
    grep --quiet --line-regexp --fixed-strings -e "$command" "$typed" ||
        grep --quiet --fixed-strings -e " $command" .ci/run ||
        fail "the README or the guide shows a command that nobody has run: $command"
done < <(sed -n 's/^\$ \(make .*\)$/\1/p' README.md docs/guide/*.md)
echo 'the user journey is complete'
