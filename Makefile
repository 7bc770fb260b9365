# The commands of every day; `make` lists them. The build itself is CMake with presets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PREFIX ?= /usr/local

# One compiler cache serves every clone: what was compiled in one folder is found from another.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

QUIET := tools/quietly

.PHONY: help deps demo build test bench bench-backfill bench-quota bench-snowflake bench-webhooks reference format format-check tidy tsan clean install

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

deps: ## install and fetch what is missing (deps.lock)
	@tools/fetch-deps

demo: build ## build, then run the whole pipeline against a simulated store; WAREHOUSE=snowflake
	@$(if $(filter snowflake,$(WAREHOUSE)),tools/fetch-deps fakesnow)
	@$(if $(filter snowflake,$(WAREHOUSE)),tools/with-fakesnow) build/bin/falaj demo $(ARGS)

build: deps ## build/bin/falaj and build/bin/salla-sim
	@$(QUIET) "configure release" cmake --preset release
	@$(QUIET) "build release" cmake --build --preset release

test: build ## every test; LONG=1 tries more cases, FRESH=1 repeats unchanged ones
	@$(QUIET) "configure dev" cmake --preset dev
	@$(QUIET) "build dev" cmake --build --preset dev
	@$(QUIET) "compile each header alone" cmake --build --preset dev --target all_verify_interface_header_sets
	@tools/fetch-deps fakesnow || echo "deps: the tests against fakesnow will be skipped" >&2
	@tools/fetch-deps shells || echo "deps: the tests of completion in zsh and fish will be skipped" >&2
	@tools/fetch-deps fuzz
	@$(QUIET) "configure fuzz" cmake --preset fuzz
	@$(QUIET) "build fuzz" cmake --build --preset fuzz
	@$(if $(LONG),FALAJ_LONG_TESTS=1) tools/run-tests dev $(TESTS)

bench: build ## race the release build against bench/baseline and write_pandas; writes build/bench.json
	@tools/fetch-deps bench
	@python3 bench/run.py $(ARGS)
	@$(if $(ARGS),,$(MAKE) bench-snowflake ARGS="--orders 0")

bench-quota: build ## how much of the stores' request limits falaj uses; adds to build/bench.json
	@python3 bench/bench_quota.py $(ARGS)

bench-webhooks: build ## events a second that the receiver takes; into build/bench.json
	@$(QUIET) "build bench-webhooks" cmake --build --preset release --target bench-webhooks
	@python3 -B bench/webhooks.py $(ARGS)

bench-snowflake: build ## rows a second into Snowflake's emulator beside write_pandas; adds to build/bench.json
	@tools/fetch-deps fakesnow bench-snowflake
	@$(QUIET) "build bench-snowflake" cmake --build --preset release --target bench-snowflake
	@python3 -B bench/snowflake_load.py $(ARGS)

bench-backfill: build ## how right a backfill's estimate of its end is; adds to build/bench.json
	@python3 bench/backfill.py $(ARGS)

reference: build ## write the parts of docs/cli.md that the declarations of the commands make
	@build/bin/falaj reference --document docs/cli.md > build/cli.md
	@cp build/cli.md docs/cli.md

format: ## rewrite the C++ sources as .clang-format says
	@tools/fetch-deps tidy
	@git ls-files -z '*.cpp' '*.hpp' | xargs -0 -r clang-format-14 -i

format-check: ## fail where `make format` would change something
	@tools/fetch-deps tidy
	@git ls-files -z '*.cpp' '*.hpp' | xargs -0 -r clang-format-14 --dry-run -Werror

tidy: deps ## clang-tidy over every source, and the layer and size checks
	@tools/fetch-deps tidy
	@$(QUIET) "configure dev" cmake --preset dev
	@python3 -B tests/tidy/check.py
	@tools/clang-tidy build/dev $(FILES)

tsan: deps ## the tests under ThreadSanitizer
	@$(QUIET) "configure tsan" cmake --preset tsan
	@$(QUIET) "build tsan" cmake --build --preset tsan
	@tools/run-tests tsan $(TESTS)

install: build ## install to PREFIX (default /usr/local), below DESTDIR if set
	@$(QUIET) "install to $(DESTDIR)$(PREFIX)" cmake --install build/release --prefix "$(PREFIX)"

clean: ## remove what was built; keeps build/deps
	@find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} + 2>/dev/null || true
